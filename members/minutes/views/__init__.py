"""The pages of minutes and resolutions."""
