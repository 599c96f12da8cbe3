-- Fewer, wider merges: a part is merged when eleven others of its size stand beside it, not four. An event is rewritten
-- less often on its way into a large part, which is most of the store's processor time; the price is some more parts
-- (docs/decisions/0017-wide-merges.md). The engine still lowers this as parts become many or old.

ALTER TABLE {{table:events}} {{on_cluster}}
    MODIFY SETTING merge_selector_base = 12;
