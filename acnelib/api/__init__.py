"""The HTTP API of ``acne serve``: predictions, the model in service, runs of the pipeline, the embedded stack.

What may live here: routes and their schemas, authentication, fetching photos by URL, and keeping the model in service
up to date. Classifying is :mod:`acnelib.models`' work; a training is a subprocess of the command line, so nothing here
knows a stage, TensorFlow, MLflow or Luigi.
"""
