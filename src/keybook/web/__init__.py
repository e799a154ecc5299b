"""The HTML face: base templates, components, assets, root urls."""
