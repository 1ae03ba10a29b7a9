diff --terminals terminals.tab --terminal T-00417 network.agp network-next.agp | tail -n 25
