-- What really moves people, by the world that was chosen. Given as variables: world.

create table world as
select *
from (
    values
    ('additive', 1.0, 1.0, false, 1.0, 0.10, 0.020),
    ('interacting', 1.15, 1.25, true, 1.0, 0.10, 0.020),
    ('retargeting', 0.55, 0.0, false, 4.0, 0.40, 0.075),
    ('dark', 0.30, 0.25, false, 1.0, 0.42, 0.065)
) as worlds (
    world,
    -- what an ad's chance to move somebody is multiplied by: to ask, and to buy
    interest,
    conviction,
    search_needs_video,
    -- how much likelier retargeting meets those who would buy anyway
    pursuit,
    -- the share of people who ask, and who buy, for reasons of their own or because somebody told them
    own_interest,
    own_conviction
)
where world = getvariable('world');
