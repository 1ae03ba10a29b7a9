test good.agp broken.json
