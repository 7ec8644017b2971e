"""The papers: networks in, losses out."""
