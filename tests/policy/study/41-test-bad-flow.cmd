test network.agp bad-flow.json
