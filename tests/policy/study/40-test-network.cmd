test --terminals terminals.tab --terminal T-00417 network.agp network.json
