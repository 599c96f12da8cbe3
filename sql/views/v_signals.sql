-- Every signal, one row each, with the moment it was written.
CREATE OR REPLACE VIEW v_signals {{on_cluster}} AS SELECT *, written FROM signals;
