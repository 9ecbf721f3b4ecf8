-- each person's right stages by the agreement of this company: what the criteria say, and for opportunity and customer
-- what the deals say; the exits are what the CRM claims
create table truth.stages as
with

reached as (
    select
        i,
        1 as cycle_number,
        'lead' as stage,
        created_at as entered_at,
        null as version,
        null as alternative
    from mqls
    union all
    select
        i,
        1,
        'mql',
        mql_at,
        mql_version,
        mql_alternative
    from mqls
    where mql_at is not null
    union all
    select
        i,
        1,
        'sql',
        sql_at,
        sql_version,
        alternative
    from sqls
    union all
    select
        i,
        1,
        stage,
        exited_at,
        null,
        null
    from exits
    union all
    select
        i,
        2,
        'lead',
        exited_at,
        null,
        null
    from exits
    where returns
    union all
    select
        i,
        2,
        'mql',
        asks_again_at,
        mql_version_again,
        'demo'
    from second_rounds
    union all
    select
        i,
        2,
        'sql',
        sql_again_at,
        case when sql_again_at >= second_version_at then 2 else 1 end,
        'meeting'
    from second_rounds
    where sql_again_at is not null
),

dealt as (
    select
        deal_people.i,
        'opportunity' as stage,
        min(deal_people.since) as entered_at
    from deal_people
    inner join deals
        on deal_people.deal_id = deals.deal_id
    where deals.deleted_at is null or not is_past(deals.deleted_at)
    group by deal_people.i
    union all
    -- the win that stands
    select
        deal_people.i,
        'customer',
        min(deals.closed_at)
    from deal_people
    inner join deals
        on deal_people.deal_id = deals.deal_id
    where deals.buys and not (deals.kind = 'split' and deals.part = 0)
    group by deal_people.i
),

unioned as (
    select * from reached
    union all
    select
        dealt.i,
        case when coalesce(exits.returns, false) and exits.exited_at <= dealt.entered_at then 2 else 1 end,
        dealt.stage,
        dealt.entered_at,
        null,
        null
    from dealt
    left join exits
        on dealt.i = exits.i
)

select
    people.person_id,
    cast(unioned.cycle_number as integer) as cycle_number,
    unioned.stage,
    utc(unioned.entered_at) as entered_at,
    coalesce(
        unioned.version,
        case
            when unioned.stage = 'lead' then
                case when unioned.entered_at >= calendar.second_version_at then 2 else 1 end
        end
    ) as version,
    unioned.alternative
from unioned
inner join people
    on unioned.i = people.i
cross join calendar
where is_past(unioned.entered_at)
order by people.person_id, cycle_number, unioned.entered_at, unioned.stage;
