diff findings.agp findings-next.agp
