test good.agp bad-interface.json
