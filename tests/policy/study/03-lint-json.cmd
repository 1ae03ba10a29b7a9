lint --json --today 2027-06-01 good.agp
