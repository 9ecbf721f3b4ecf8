-- What the CRMs say of each lead's stage, and when: workflows for marketing, people for sales, who skip, hurry and
-- forget.
create table claims as
with

unioned as (
    select
        i,
        'mql' as stage,
        claimed_at as entered_at,
        'workflow' as changed_by,
        null as reason
    from mqls
    where claimed_at is not null
    union all
    select
        i,
        'mql',
        claimed_again_at,
        'workflow',
        null
    from second_rounds
    union all
    select
        i,
        'sql',
        date_trunc('second', sql_at + wait_days(0.03, 'sql claim', i)),
        owner,
        null
    from sqls
    where chance('says sql', i) < 0.94
    union all
    select
        i,
        'sql',
        sql_again_at + interval 1 hour,
        owner,
        null
    from second_rounds
    where sql_again_at is not null
    union all
    -- accepted in a hurry
    select
        mqls.i,
        'sql',
        follow_ups.followed_up_at + interval 45 minute,
        mqls.owner,
        null
    from mqls
    inner join follow_ups
        on mqls.i = follow_ups.i
    left join sqls
        on mqls.i = sqls.i
    where sqls.i is null and chance('hurries', mqls.i) < 0.04
    union all
    select
        i,
        'opportunity',
        deal_at + interval 2 minute,
        owner,
        null
    from opportunities
    union all
    select
        i,
        'customer',
        closed_at + interval 2 minute,
        owner,
        null
    from opportunities
    where buys
    union all
    select
        exits.i,
        exits.stage,
        exits.exited_at,
        mqls.owner,
        exits.reason
    from exits
    inner join mqls
        on exits.i = mqls.i
    union all
    -- a stage of the CRM that the agreement does not know
    select
        i,
        'on hold',
        claimed_at + interval 3 hour,
        owner,
        null
    from mqls
    where claimed_at is not null and chance('on hold', i) < 0.02
)

select * from unioned;
