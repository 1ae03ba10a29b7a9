test good.agp no-serial.json
