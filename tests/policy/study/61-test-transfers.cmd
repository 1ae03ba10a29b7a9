test --trust ../why-transfer/list ../why-transfer/policy.agp transfers.json
