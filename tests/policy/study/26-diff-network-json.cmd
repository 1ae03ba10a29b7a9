diff --json network.agp network-next.agp | head -c 1500
