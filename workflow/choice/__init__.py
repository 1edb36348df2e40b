"""From a path of images or of a denoiser to a study that can be run: what is found there, what is
chosen, and the study file that says so."""
