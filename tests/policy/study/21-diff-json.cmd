diff --json findings.agp findings-next.agp
