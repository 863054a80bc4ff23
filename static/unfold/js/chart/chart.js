// Stands before the theme's own file of this name: the administration draws no charts.
