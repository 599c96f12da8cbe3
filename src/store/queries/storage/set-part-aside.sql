-- Takes one part out of use; its files stay in the table's `detached` folder.
ALTER TABLE {{table}} DETACH PART {part:String};
