lint --today 2026-06-01 epochs.agp
