test --json --terminals terminals.tab --terminal T-00417 network.agp network.json | head -n 60
