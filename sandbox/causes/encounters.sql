-- Each way in which somebody meets the company, whether any system sees it or not. Times depend on the person alone,
-- never on what came of earlier encounters: so the same life can be played again without a channel.
-- Given as variables: without (a channel or campaign that did not exist; empty: none).

create table shares as
with

running as (
    select
        days.day,
        industries.industry,
        ways.way,
        -- one campaign speaks to restaurant owners, and for a quarter to nearly nobody else
        cast(ways.weight * case
            when ways.way != 'resto' then 1
            when industries.industry != 'restaurant' then 0.35
            when days.day between date '2025-07-01' and date '2025-09-30' then 4.6
            else 1
        end as decimal(18, 9)) as weight
    from need_days as days
    inner join ways
        on days.day between ways.first_day and ways.last_day
    cross join (select distinct industry from people) as industries
),

summed as (
    select
        day,
        industry,
        way,
        sum(weight) over (partition by day, industry order by way) as until_weight,
        weight,
        sum(weight) over (partition by day, industry) as all_weight
    from running
)

select
    day,
    industry,
    way,
    (until_weight - weight) / all_weight as from_share
from summed;

create table encounters as
with

numbered as (
    select
        people.i,
        people.industry,
        people.i * 16 + n as encounter,
        needs.need_day + cast(floor(-25 + 90 * chance('encounter day', people.i * 16 + n)) as integer) as day,
        cast(floor(3 * chance('encounter block', people.i * 16 + n)) as integer) as block
    from people
    inner join needs
        on people.i = needs.i
    cross join range(9) as numbers (n)
    where n < 1 + floor(9 * pow(chance('encounters', people.i), 2))
),

-- nobody visits twice in a morning, an afternoon or an evening
spread as (
    select
        i,
        industry,
        min(encounter) as encounter,
        day,
        block
    from numbered
    group by i, industry, day, block
),

met as (
    select
        spread.*,
        shares.way,
        -- from seven to ten, one to four and seven to ten: what is done with a plan is done between (conduct/)
        spread.day
        + to_seconds(cast(floor(3600 * (7 + 6 * block + 3 * chance('encounter hour', encounter))) as bigint)) as met_at
    from spread
    asof join shares
        on
            spread.day = shares.day
            and spread.industry = shares.industry
            and chance('way', spread.encounter) >= shares.from_share
)

select
    met.i,
    met.encounter,
    met.met_at,
    ways.way,
    ways.channel,
    ways.campaign_id,
    ways.meets,
    ways.is_video,
    ways.needs_video,
    case when chance('seen only', encounter) < ways.seen_only then 'seen' else ways.trace end as trace,
    ways.can_ask and trace != 'seen' and chance('asks', encounter) < 0.75 as asks,
    chance('interests', encounter) < ways.interest * case people.role when 'student' then 0.5 else 1 end as interests,
    chance('convinces', encounter) < ways.conviction as convinces
from met
inner join ways
    on met.way = ways.way
inner join people
    on met.i = people.i
cross join world
where
    (ways.way != 'newsletter' or (people.gives_mail and not people.refuses_consent))
    and getvariable('without') not in (ways.channel, coalesce(ways.campaign_id, '-'))
    -- in a world of its own, retargeting finds those who buy of their own accord, and spares the others
    and (
        ways.way != 'retargeting'
        or world.pursuit = 1
        or people.buys_anyway
        or chance('pursued', encounter) < 1 / world.pursuit
    );
