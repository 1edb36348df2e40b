"""Images that exist: datasets, their readers, features and neighbours."""
