"""One typed client of the services: values in, values out, a module per resource."""
