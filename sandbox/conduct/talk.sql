-- Everything that passes between sales and a lead: calls, mails, meetings and messages of both sides, and what sales
-- noted.
create table talk as
with

-- who was spoken to and not accepted: a need without a call, or in the second version a call without a budget
misses as (
    select
        mqls.i,
        mqls.owner_id,
        follow_ups.followed_up_at + interval 30 minute as talked_at,
        case
            when chance('sql miss', mqls.i) < 0.10 then 'mail only'
            when chance('sql miss', mqls.i) < 0.25 and follow_ups.followed_up_at >= mqls.second_version_at then
                'no budget'
        end as miss
    from mqls
    inner join follow_ups
        on mqls.i = follow_ups.i
    left join sqls
        on mqls.i = sqls.i
    where sqls.i is null
),

follow_ups_noted as (
    select
        mqls.*,
        follow_ups.followed_up_at,
        follow_ups.outcome,
        misses.miss
    from follow_ups
    inner join mqls
        on follow_ups.i = mqls.i
    left join misses
        on mqls.i = misses.i
),

unioned as (
    -- the CRM answers every form by itself
    select
        i,
        owner_id,
        'auto' as about,
        created_at + interval 1 minute as talked_at,
        'email' as type,
        'outbound' as direction,
        'sent' as outcome,
        null as tags,
        true as is_automatic
    from mqls
    where trace in ('visit', 'lead_ad') and has_email
    union all
    select
        i,
        owner_id,
        'follow-up',
        followed_up_at,
        case
            when miss = 'mail only' or not has_phone then 'email' else
                pick(['call', 'call', 'whatsapp'], 'follow-up type', i)
        end,
        'outbound',
        case
            when miss = 'mail only' or not has_phone then 'sent'
            when pick(['call', 'call', 'whatsapp'], 'follow-up type', i) = 'whatsapp' then 'delivered'
            else outcome
        end,
        case
            when outcome != 'connected' then null
            when industry = 'restaurant' and campaign_id = '23850011223340004' then 'not_our_target'
            when channel = 'paid_social'
                and created_at >= timestamp '2026-08-01'
                and created_at < timestamp '2026-10-01'
            then 'promise_unknown:diskon 30 persen'
            when chance('objection', i) < 0.15 then 'objection:price'
            when chance('objection', i) < 0.23 then
                pick(['competitor:Klik Faktur', 'competitor:Pajak Kilat'], 'competitor', i)
            when chance('objection', i) < 0.33 then pick(['wish:marketplace import', 'wish:payroll'], 'wish', i)
        end,
        false
    from follow_ups_noted
    union all
    select
        i,
        owner_id,
        'talk',
        talked_at,
        case alternative when 'meeting' then 'meeting' else 'call' end,
        'outbound',
        case alternative when 'meeting' then 'held' else 'connected' end,
        -- a need that is confirmed is noted of calls: a meeting counts by itself
        nullif(concat_ws(
            '|',
            case when alternative = 'call' then 'need_confirmed' end,
            case when chance('wish noted', i) < 0.2 then 'wish:payroll' end
        ), ''),
        false
    from sqls
    union all
    select
        i,
        owner_id,
        'miss',
        talked_at,
        case miss when 'mail only' then 'email' else 'call' end,
        case miss when 'mail only' then 'inbound' else 'outbound' end,
        case miss when 'mail only' then 'received' else 'connected' end,
        'need_confirmed',
        false
    from misses
    where miss is not null
    union all
    select
        i,
        owner_id,
        'follow-up again',
        followed_up_again_at,
        'call',
        'outbound',
        pick(['connected', 'no_answer'], 'second outcome', i),
        null,
        false
    from second_rounds
    union all
    select
        i,
        owner_id,
        'talk again',
        sql_again_at,
        'meeting',
        'outbound',
        'held',
        null,
        false
    from second_rounds
    where sql_again_at is not null
    union all
    -- people write of their own accord, and a machine answers
    select
        i,
        owner_id,
        'inbound',
        created_at + wait_days(2, 'inbound', i),
        'whatsapp',
        'inbound',
        'received',
        null,
        false
    from mqls
    where has_phone and chance('writes', i) < 0.18
    union all
    select
        i,
        owner_id,
        'inbound auto',
        created_at + wait_days(2, 'inbound', i) + interval 20 second,
        'whatsapp',
        'outbound',
        'delivered',
        null,
        true
    from mqls
    where has_phone and chance('writes', i) < 0.18
    union all
    -- the product is shown, twice in long sales
    select
        i,
        owner_id,
        'demo ' || n,
        deal_at + (closed_at - deal_at) * (n + 1) / 3,
        'demo',
        'outbound',
        'done',
        case when not buys and n = 1 and chance('lost to', i) < 0.3 then 'competitor:Klik Faktur' end,
        false
    from opportunities
    cross join range(2) as numbers (n)
    where n = 0 or closed_at - deal_at > interval 20 day
)

select
    unioned.* replace (date_trunc('second', talked_at) as talked_at),
    'A' || i || '-' || replace(about, ' ', '-') as activity_id
from unioned;
