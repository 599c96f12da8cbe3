-- Merges build what searches use and nothing else: no statistics of values (on by default, and no search of ours gains by
-- them), and column by column also where a merge is small, so that columns few events fill cost it nothing. Parts stored
-- before keep their statistics until they are merged.

ALTER TABLE {{table:events}} {{on_cluster}}
    MODIFY SETTING auto_statistics_types = '', vertical_merge_algorithm_min_rows_to_activate = 1;
