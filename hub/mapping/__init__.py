"""How one message type is written as another: the mapping language, its compiler, and its workbench."""
