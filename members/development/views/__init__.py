"""Pages of cultivation, by what one does on them: writing, reading, lists, contacts, showcase, papers."""
