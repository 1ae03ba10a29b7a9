diff epochs.agp epochs-next.agp
