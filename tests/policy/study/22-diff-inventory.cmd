diff -i desk.json findings.agp good.agp
