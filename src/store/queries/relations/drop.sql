-- The view of a behaviour, or of a version of it, that is no more. What it kept is forgotten with time.
DROP TABLE IF EXISTS {{name}} {{on_cluster}};
