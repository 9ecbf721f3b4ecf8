-- the first contact by a human after each agreed MQL
create table truth.follow_ups as
with

agreed as (
    select
        i,
        1 as cycle_number,
        mql_at
    from mqls
    where mql_at is not null
    union all
    select
        i,
        2,
        asks_again_at
    from second_rounds
)

select
    people.person_id,
    cast(agreed.cycle_number as integer) as cycle_number,
    utc(agreed.mql_at) as mql_at,
    utc(min(talk.talked_at)) as followed_up_at,
    arg_min(talk.activity_id, talk.talked_at) as activity_id,
    date_diff('second', agreed.mql_at, min(talk.talked_at)) / 3600.0 as hours
from agreed
inner join people
    on agreed.i = people.i
left join talk
    on
        agreed.i = talk.i
        and talk.direction = 'outbound'
        and not talk.is_automatic
        and talk.talked_at >= agreed.mql_at
        and is_past(talk.talked_at)
where is_past(agreed.mql_at)
group by people.person_id, agreed.cycle_number, agreed.mql_at
order by people.person_id, agreed.cycle_number;
