-- What the encounters make of each person: whether somebody asks, when, and whether somebody buys. An encounter moves
-- or does not, whatever else happens; to ask and to buy takes one that did. So nothing that is taken away makes a
-- deal.

-- What takes place of the encounters in a table, of which `played` names the life that they are of: retargeting meets
-- visitors only, and where search needs a video, it moves those only who saw one.
create macro happened_of(encounters_table) as table
    with

    known as (
        select
            *,
            coalesce(bool_or(trace = 'visit' and meets = 'anybody') over earlier, false) as knows_site,
            coalesce(bool_or(is_video) over earlier, false) as has_seen_video
        from query_table(encounters_table)
        window earlier as (partition by played, i order by met_at rows between unbounded preceding and 1 preceding)
    )

    select
        * replace (
            interests and (not needs_video or has_seen_video) as interests,
            convinces and (not needs_video or has_seen_video) as convinces
        )
    from known
    where meets != 'visitors' or knows_site;

create macro lives_of(encounters_table) as table
    with

    happened as (
        select * from happened_of(encounters_table)
    ),

    interested as (
        select
            happened.played,
            happened.i,
            least(
                min(happened.met_at) filter (where happened.interests and happened.meets != 'leads'),
                min(case when people.asks_anyway then cast(needs.need_day as timestamp) end)
            ) as interested_at
        from happened
        inner join people
            on happened.i = people.i
        inner join needs
            on happened.i = needs.i
        group by happened.played, happened.i
    ),

    asked as (
        select
            interested.played,
            interested.i,
            min(happened.met_at) as asked_at,
            arg_min(happened.encounter, happened.met_at) as asked_in
        from interested
        inner join happened
            on
                interested.played = happened.played
                and interested.i = happened.i
                and happened.asks
                and happened.met_at >= interested.interested_at
        group by interested.played, interested.i
    ),

    convinced as (
        select
            asked.played,
            asked.i,
            min(greatest(happened.met_at, asked.asked_at)) as convinced_at,
            arg_min(happened.encounter, happened.met_at) as convinced_in
        from asked
        inner join happened
            on
                asked.played = happened.played
                and asked.i = happened.i
                and happened.convinces
                and (happened.meets != 'leads' or happened.met_at > asked.asked_at)
                and happened.met_at <= asked.asked_at + interval 75 day
        group by asked.played, asked.i
    )

    select
        asked.*,
        convinced.convinced_in,
        case when people.buys_anyway then asked.asked_at else convinced.convinced_at end as convinced_at,
        people.can_buy and (people.buys_anyway or convinced.convinced_at is not null) as buys
    from asked
    left join convinced
        on asked.played = convinced.played and asked.i = convinced.i
    inner join people
        on asked.i = people.i;

create view as_it_was as
select
    '' as played,
    *
from encounters;

create table lives as
select * exclude (played) from lives_of('as_it_was');

create table meetings as
select
    happened.* exclude (played, knows_site, has_seen_video),
    coalesce(happened.encounter = lives.asked_in, false) as is_asking
from happened_of('as_it_was') as happened
left join lives
    on happened.i = lives.i
where happened.meets != 'leads' or happened.met_at > lives.asked_at;

-- The lives of those who bought, each without a channel or a campaign that it met: the same draws played again.
create table left_out as
with

met as (
    select encounters.*
    from encounters
    inner join lives
        on encounters.i = lives.i and lives.buys
)

select distinct
    i,
    'channel' as kind,
    channel as name
from met
union all
select distinct
    i,
    'campaign' as kind,
    campaign_id as name
from met
where campaign_id is not null;

create view as_without as
select
    left_out.kind || ' ' || left_out.name as played,
    encounters.*
from left_out
inner join encounters
    on
        left_out.i = encounters.i
        and left_out.name not in (encounters.channel, coalesce(encounters.campaign_id, '-'));

-- who bought and would not have, and without what
create table needed as
select left_out.*
from left_out
left join lives_of('as_without') as replayed
    on left_out.kind || ' ' || left_out.name = replayed.played and left_out.i = replayed.i
where not coalesce(replayed.buys, false);
