lint --today 2027-01-01 transfer.agp
