diff network.agp network-next.agp
