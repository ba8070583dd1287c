"""Reports: one study each, as numbers that print, save and plot."""
