"""Right, addressable and fast simulated images and time series for machine learning."""
