test --media media.tab good.agp desk.json media.json
