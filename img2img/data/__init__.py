"""Data: folders of pictures in, batches of samples in [-1, 1] out."""
