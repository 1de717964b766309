"""What a person looks at: the annotated video, plots, the report."""
