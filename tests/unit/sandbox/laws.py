"""What must hold of the made-up company, in any world and at any size: queries that find nothing."""

from __future__ import annotations

# What must not be found, as queries of the company's life and truth.
LAWS = {
    "every record has one person": """
        select source_system, record_type, identifier from truth.persons where kind = 'record'
        group by all having count(distinct person_id) != 1
    """,
    "every record of the CRMs is somebody's": """
        select record_id from records where is_past(created_at)
        and record_id not in (select identifier from truth.persons where kind = 'record')
    """,
    "every event belongs to one visit": """
        select event_id from truth.sessions group by event_id having count(*) != 1 or count(session_id) != 1
        union all
        select event_id from web_events anti join truth.sessions using (event_id) where is_past(received_at)
    """,
    "a visit is of one person, one browser and one way": """
        select session_id from truth.sessions join web_events using (event_id) group by session_id
        having count(distinct coalesce(person_id, '')) != 1 or count(distinct browser) != 1
        or count(distinct coalesce(channel, '')) != 1
    """,
    "visits of one person on one browser lie more than half an hour apart": """
        with bounds as (
            select browser, i, visit, min(occurred_at) as starts, max(occurred_at) as ends from web_events group by all
        )
        select * from (
            select starts - lag(ends) over (partition by browser, i order by starts) as silence from bounds
        ) where silence <= interval 30 minute
    """,
    "stages come in order": """
        select person_id from truth.stages group by person_id, cycle_number having
        min(entered_at) filter (where stage = 'lead') > min(entered_at) filter (where stage = 'mql')
        or min(entered_at) filter (where stage = 'mql') > min(entered_at) filter (where stage = 'sql')
        or min(entered_at) filter (where stage = 'opportunity') > min(entered_at) filter (where stage = 'customer')
        or (count(*) filter (where stage = 'sql') = 1 and count(*) filter (where stage = 'mql') != 1)
    """,
    "a stage is reached once in a cycle": """
        select person_id from truth.stages group by person_id, cycle_number, stage having count(*) > 1
    """,
    "revenue of a day is what was won and paid back on it": """
        select booked_on, currency from (
            select booked_on, currency, amount, amount_reporting from truth.revenue where kind = 'deal'
            union all
            select closed_on, currency, -amount, -amount_reporting from truth.deals where state = 'won'
            union all
            select cast(refunded_at as date), invoices.currency, refunded_amount, -revenue.amount_reporting
            from invoices join truth.revenue as revenue on revenue.id = deal_id and entry_type = 'refund'
                and booked_on = refunded_at::date
            where is_past(refunded_at)
            union all
            -- a win that was reopened came in and was given back
            select booked_on, deals.currency, if(entry_type = 'booking', -won.amount, won.amount),
                -revenue.amount_reporting
            from truth.deals
            join deal_states as won on won.deal_id = deals.deal_id and won.step = 4 and won.state = 'won'
            join deal_states as reopened on reopened.deal_id = deals.deal_id and reopened.step = 5
            join truth.revenue as revenue on revenue.id = deals.deal_id
                and booked_on = if(entry_type = 'booking', won.entered_at, reopened.entered_at)::date
            where is_past(reopened.entered_at)
        ) group by all having sum(amount) != 0 or sum(amount_reporting) != 0
    """,
    "no more is paid back than was paid": """
        select id from truth.revenue group by id having sum(amount) < 0
    """,
    "nobody asks before something moved the person to": """
        select i from lives join needs using (i) join people using (i)
        where not (asks_anyway and need_day <= asked_at)
        and not exists (select 1 from meetings where meetings.i = lives.i and interests and met_at <= asked_at)
    """,
    "nobody buys before something convinced the person": """
        select deals.deal_id from deals join lives using (i) where deals.buys and convinced_at > deals.closed_at
    """,
    "no cause lies after its effect": """
        select i from mqls where created_at < asked_at or mql_at < created_at or claimed_at < created_at
        union all select i from sqls where sql_at < mql_at or talked_at < created_at
        union all select i from follow_ups join mqls using (i) where followed_up_at < claimed_at
        union all select i from exits join mqls using (i) where exited_at < mqls.created_at
        union all select i from second_rounds where asks_again_at <= exited_at
        union all select i from opportunities where closed_at <= deal_at
        union all select i from invoices where refunded_at < ordered_at
        union all select i from talk join mqls using (i) where talked_at < created_at
        union all select i from records
        where merged_at < created_at or mended_at < created_at or deleted_at < created_at
        union all select i from web_events where received_at < occurred_at
    """,
    "no browser is two people's by accident": """
        select identifier from truth.persons where kind = 'browser' group by identifier
        having count(distinct person_id) filter (where origin = 'own') > 1
    """,
    "no address is two people's but the front desk's": """
        select address from (
            select i, email as address from records
            union select i, email_at_first from records
            union select i, phone from records
        ) where address != '+622150001234' group by address having count(distinct lower(address) || i) > 1
    """,
    "no click is counted twice": """
        select click_id from visits where click_id is not null group by click_id having count(*) > 1
    """,
    "a platform counts at least the clicks that arrived": """
        select day, ad_days.campaign_id from ad_days join visits
        on visits.campaign_id = ad_days.campaign_id and cast(visits.started_at as date) = day
        group by day, ad_days.campaign_id, clicks having count(*) > clicks
    """,
    "what is caused is no more than there is": """
        select kind from truth.effects cross join (select count(*) as won from truth.deals where state = 'won')
        group by kind, won having sum(shared_deals) > won or max(deals) > won or min(deals - shared_deals) < 0
    """,
    "a follow-up is of people, and after the stage": """
        select person_id from truth.follow_ups where followed_up_at < mql_at
    """,
    "nothing that is true lies in the future": """
        select 1 from truth.stages where entered_at >= getvariable('present') - interval 7 hour
        union all select 1 from truth.touches where touched_at >= getvariable('present') - interval 7 hour
        union all select 1 from truth.sessions where occurred_at >= getvariable('present') - interval 7 hour
        union all select 1 from truth.revenue where booked_on >= getvariable('present')
    """,
}
