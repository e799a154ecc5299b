"""Books that move between bankers, whole or in part, and can be handed back; limits of a book."""
