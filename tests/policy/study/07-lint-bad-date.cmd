lint --today tomorrow good.agp
