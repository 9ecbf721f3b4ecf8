-- What is so, beside what the systems say: the tables that the warehouse's findings are compared with. All times are
-- UTC, all of it is as of the present. Each table has its line in docs/sandbox.md.
create schema truth;

-- Jakarta knows no summer time
create macro utc(moment) as (moment - interval 7 hour);

create macro is_past(moment) as (moment < cast(getvariable('present') as timestamp));

-- Every record, browser, address and order of each person. A record is `is_findable` where it shares an address with
-- another record of its person, was merged, or is the only one; what was deleted tells nothing.
create table truth.persons as
with

known as (
    select
        records.i,
        'record' as kind,
        records.crm as source_system,
        records.record_type,
        records.record_id as identifier,
        records.created_at as known_from,
        records.kind as origin,
        records.kind != 'unknown' and (records.kind != 'merged' or is_past(records.merged_at)) as is_findable,
        coalesce(is_past(records.deleted_at), false) as is_deleted
    from records
    union all
    select distinct
        i,
        'browser',
        'web',
        null,
        browser,
        min(started_at) over (partition by i, browser),
        case when is_borrowed then 'borrowed' else 'own' end,
        null,
        null
    from visits
    union all
    select
        i,
        'email',
        null,
        null,
        email,
        null,
        null,
        null,
        null
    from people
    union all
    select
        i,
        'phone',
        null,
        null,
        phone,
        null,
        null,
        null,
        null
    from people
    where gives_phone
    union all
    select
        i,
        'order',
        'marketplace',
        null,
        order_id,
        ordered_at,
        null,
        null,
        null
    from orders
    where i is not null
)

select
    people.person_id,
    known.kind,
    known.source_system,
    known.record_type,
    known.identifier,
    utc(known.known_from) as known_from,
    known.origin,
    known.is_findable,
    known.is_deleted
from known
inner join people
    on known.i = people.i
where known.known_from is null or is_past(known.known_from)
order by people.person_id, known.kind, known.source_system, known.identifier;

create table truth.sessions as
select
    web_events.event_id,
    web_events.visit as session_id,
    people.person_id,
    utc(web_events.occurred_at) as occurred_at,
    visits.source,
    visits.medium,
    visits.channel,
    visits.campaign_id,
    visits.visit is null as is_bot,
    not web_events.refuses_consent as has_consent,
    -- false where nothing that was recorded tells the channel or the visit
    coalesce(visits.is_told, true)
    and not bool_or(web_events.is_own_tag) over (partition by web_events.visit) as is_exact
from web_events
left join visits
    on web_events.visit = visits.visit
left join people
    on web_events.i = people.i
where is_past(web_events.received_at)
order by web_events.event_id;

-- every moment at which marketing met a person, whether a system saw it, and whether it moved the person to ask or to
-- buy
create table truth.touches as
with

met as (
    select
        'e' || encounter as touch_id,
        i,
        met_at as touched_at,
        case trace
            when 'visit' then 'session' when 'chat' then 'whatsapp' when 'webinar' then 'event' when 'partner' then
                'imported'
            else trace
        end as touch_type,
        way,
        channel,
        campaign_id,
        'v' || encounter as visit,
        trace != 'seen' as is_recorded,
        interests,
        convinces
    from meetings
    union all
    select
        'd' || deed,
        i,
        started_at,
        'session',
        way,
        channel,
        campaign_id,
        visit,
        true,
        false,
        false
    from visits
    where deed is not null
)

select
    met.touch_id,
    people.person_id,
    utc(met.touched_at) as touched_at,
    met.touch_type,
    met.channel,
    met.campaign_id,
    ways.campaign,
    coalesce(
        visits.source,
        case met.touch_type when 'lead_ad' then 'facebook' when 'whatsapp' then 'whatsapp' when 'event' then met.way end
    ) as source,
    coalesce(visits.medium, case met.touch_type when 'lead_ad' then 'paid_social' end) as medium,
    visits.click_id,
    met.is_recorded,
    met.is_recorded and not (met.touch_type = 'session' and people.refuses_consent) as is_identifiable,
    met.interests as moves_to_ask,
    met.convinces as moves_to_buy
from met
inner join people
    on met.i = people.i
inner join ways
    on met.way = ways.way
left join visits
    on met.visit = visits.visit
where is_past(met.touched_at)
order by met.touch_id;

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

-- each deal as it stands, in its own currency and in rupiah at the last rate by the day on which it was won, or made
create table truth.deals as
with

newest as (
    select
        deal_id,
        arg_max(state, step) as state,
        arg_max(amount, step) as amount
    from deal_states
    where is_past(entered_at)
    group by deal_id
),

standing as (
    select
        deals.deal_id,
        deals.crm,
        deals.i,
        deals.created_at,
        newest.state,
        newest.amount,
        deals.currency,
        cast(case when newest.state in ('won', 'lost') then
                case when deals.kind = 'split' and deals.part = 0 then
                        (
                            select max(deal_states.entered_at)
                            from deal_states
                            where deal_states.deal_id = deals.deal_id and step = 6
                        )
                    else (
                        select max(deal_states.entered_at) from deal_states
                        where deal_states.deal_id = deals.deal_id and is_past(deal_states.entered_at)
                    )
                end
        end as date) as closed_on
    from deals
    inner join newest
        on deals.deal_id = newest.deal_id
    where deals.deleted_at is null or not is_past(deals.deleted_at)
)

select
    standing.deal_id,
    standing.crm as source_system,
    people.person_id,
    utc(standing.created_at) as created_at,
    standing.state,
    standing.closed_on,
    standing.amount,
    standing.currency,
    cast(round(standing.amount * coalesce(exchange_rates.rate, 1), 2) as decimal(18, 2)) as amount_reporting
from standing
inner join people
    on standing.i = people.i
asof left join exchange_rates
    on
        standing.currency = exchange_rates.currency
        and cast(case when standing.state = 'won' then standing.closed_on else standing.created_at end as date)
        >= exchange_rates.day
order by standing.deal_id;

-- what came in and what was paid back, by day
create table truth.revenue as
with

unioned as (
    select
        'deal' as kind,
        deal_id as id,
        source_system,
        person_id,
        'booking' as entry_type,
        closed_on as booked_on,
        amount,
        currency
    from truth.deals
    where state = 'won'
    union all
    select
        'deal',
        invoices.deal_id,
        invoices.crm,
        people.person_id,
        'refund',
        cast(invoices.refunded_at as date),
        -invoices.refunded_amount,
        invoices.currency
    from invoices
    inner join people
        on invoices.i = people.i
    where is_past(invoices.refunded_at)
    union all
    select
        'order',
        orders.order_id,
        'marketplace',
        people.person_id,
        'booking',
        cast(orders.ordered_at as date),
        orders.amount,
        orders.currency
    from orders
    left join people
        on orders.i = people.i
    where is_past(orders.ordered_at)
    union all
    select
        'order',
        orders.order_id,
        'marketplace',
        people.person_id,
        'refund',
        cast(orders.refunded_at as date),
        -orders.refunded_amount,
        orders.currency
    from orders
    left join people
        on orders.i = people.i
    where is_past(orders.refunded_at)
)

select
    unioned.*,
    cast(round(unioned.amount * coalesce(exchange_rates.rate, 1), 2) as decimal(18, 2)) as amount_reporting
from unioned
asof left join exchange_rates
    on unioned.currency = exchange_rates.currency and unioned.booked_on >= exchange_rates.day
order by unioned.kind, unioned.id, unioned.entry_type;

create table truth.spend as
select
    ad_days.platform,
    ad_days.campaign_id,
    ad_days.day as date_day,
    ad_days.spend,
    ad_days.currency,
    cast(round(ad_days.spend * coalesce(exchange_rates.rate, 1), 2) as decimal(18, 2)) as spend_reporting,
    ad_days.impressions,
    ad_days.clicks
from ad_days
asof left join exchange_rates
    on ad_days.currency = exchange_rates.currency and ad_days.day >= exchange_rates.day
order by ad_days.platform, ad_days.campaign_id, ad_days.day;

-- What would not have been without a channel or campaign: the same draws played again without it. A deal may need two
-- (one that made somebody ask and another that convinced, or search after a video), so `deals` and `revenue` count it
-- for both; in the `shared_` columns it is shared equally by those that it needs, so these sum to no more than there
-- is.
create table truth.effects as
with

won as (
    select
        deals.i,
        count(*) as deals,
        sum(standing.amount_reporting) as revenue
    from truth.deals as standing
    inner join deals
        on standing.deal_id = deals.deal_id
    where standing.state = 'won'
    group by deals.i
),

shared as (
    select
        needed.*,
        count(*) over (partition by needed.i, needed.kind) as needs
    from needed
)

select
    left_out_anywhere.kind,
    left_out_anywhere.name,
    coalesce(sum(won.deals), 0) as deals,
    cast(coalesce(sum(won.revenue), 0) as decimal(18, 2)) as revenue,
    coalesce(sum(cast(won.deals / shared.needs as decimal(18, 6))), 0) as shared_deals,
    coalesce(sum(cast(won.revenue / shared.needs as decimal(18, 2))), 0) as shared_revenue
from (
    select distinct
        'channel' as kind,
        channel as name
    from ways
    union all
    select
        'campaign',
        campaign_id
    from ways
    where campaign_id is not null
) as left_out_anywhere
left join shared
    on left_out_anywhere.kind = shared.kind and left_out_anywhere.name = shared.name
left join won
    on shared.i = won.i
group by left_out_anywhere.kind, left_out_anywhere.name
order by left_out_anywhere.kind, left_out_anywhere.name;

-- what sales should tell marketing
create table truth.findings as
with

qualified as (
    select
        mqls.*,
        people.person_id
    from mqls
    inner join people
        on mqls.i = people.i
    where is_past(mqls.mql_at)
),

unioned as (
    select
        'industry_over_represented' as finding,
        '23850011223340004' as campaign_id,
        date '2025-07-01' as from_date,
        date '2025-09-30' as until_date,
        'restaurant' as subject,
        count(*) as cases,
        avg(cast(industry = 'restaurant' as integer)) as share
    from qualified
    where campaign_id = '23850011223340004' and mql_at >= timestamp '2025-07-01' and mql_at < timestamp '2025-10-01'
    union all
    select
        'claimed_below_definition',
        null,
        date '2026-06-01',
        date '2026-06-30',
        'mql',
        count(*),
        avg(cast(mql_at is null as integer))
    from mqls
    where claimed_at >= timestamp '2026-06-01' and claimed_at < timestamp '2026-07-01' and is_past(claimed_at)
    union all
    select
        'week_without_follow_up',
        null,
        date '2026-05-11',
        date '2026-05-17',
        'follow_up',
        count(*),
        1.0
    from mqls
    where claimed_at >= timestamp '2026-05-11' and claimed_at < timestamp '2026-05-18' and is_past(claimed_at)
    union all
    select
        'promise_unknown_to_sales',
        null,
        date '2026-08-01',
        date '2026-09-30',
        'diskon 30 persen',
        count(*),
        count(*) / (
            select count(*)
            from talk
            where talked_at >= timestamp '2026-08-01' and talked_at < timestamp '2026-10-01' and about = 'follow-up'
        )
    from talk
    where tags like 'promise_unknown:%' and is_past(talked_at)
    union all
    -- of a criterion: by how much likelier those who meet it buy
    select
        'criterion_predicts',
        null,
        null,
        null,
        'employee_count >= 10',
        count(*) filter (where employee_count >= 10),
        avg(cast(buys as integer)) filter (where employee_count >= 10)
        / avg(cast(buys as integer)) filter (where employee_count < 10)
    from mqls
    where is_past(created_at)
    union all
    select
        'criterion_predicts_nothing',
        null,
        null,
        null,
        'content_download',
        count(*) filter (where likes_downloads),
        avg(cast(buys as integer)) filter (where likes_downloads)
        / avg(cast(buys as integer)) filter (where not likes_downloads)
    from mqls
    where is_past(created_at)
)

select *
from unioned
where cases > 0
order by finding;
