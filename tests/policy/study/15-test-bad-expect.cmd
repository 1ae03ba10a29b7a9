test good.agp bad-expect.json
