diff good.agp good-reordered.agp
