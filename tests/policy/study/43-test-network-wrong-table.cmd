test --terminals media.tab network.agp network.json
