test --media terminals.tab good.agp media.json
