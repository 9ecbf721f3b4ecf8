with

leads as (
    select * from {{ ref('int_journey_leads') }}
),

touchpoints as (
    select * from {{ ref('int_journey_touchpoints') }}
),

stages as (
    select * from {{ ref('int_agreement_stages') }}
),

deal_moments as (
    select * from {{ ref('int_journey_deal_moments') }}
),

deal_contacts as (
    select * from {{ ref('int_journey_deal_contacts') }}
),

orders as (
    select * from {{ ref('int_revenue_orders') }}
    where deal_key is null and status != 'pending'
),

activities as (
    select * from {{ ref('int_journey_activities') }}
    where is_follow_up
),

touch_steps as (
    select
        lead_key,
        cast(null as string) as deal_key,
        touched_at as occurred_at,
        'touch' as step_type,
        1 as step_rank,
        channel,
        campaign_key,
        touchpoint_key,
        cast(null as string) as activity_key
    from touchpoints
    where lead_key is not null
),

stage_steps as (
    select
        lead_key,
        cast(null as string) as deal_key,
        reached_at as occurred_at,
        stage as step_type,
        case stage when 'lead' then 2 when 'mql' then 3 when 'sql' then 5 else 9 end as step_rank,
        cast(null as string) as channel,
        cast(null as string) as campaign_key,
        cast(null as string) as touchpoint_key,
        cast(null as string) as activity_key
    from stages
    where stage not in ('opportunity', 'customer')
),

follow_up_steps as (
    select
        lead_key,
        cast(null as string) as deal_key,
        occurred_at,
        'follow_up' as step_type,
        4 as step_rank,
        cast(null as string) as channel,
        cast(null as string) as campaign_key,
        cast(null as string) as touchpoint_key,
        activity_key
    from activities
),

deal_steps as (
    select
        deal_contacts.lead_key,
        deal_moments.deal_key,
        deal_moments.occurred_at,
        deal_moments.step_type,
        deal_moments.step_rank,
        cast(null as string) as channel,
        cast(null as string) as campaign_key,
        cast(null as string) as touchpoint_key,
        cast(null as string) as activity_key
    from deal_moments
    inner join deal_contacts
        on deal_moments.deal_key = deal_contacts.deal_key
),

order_steps as (
    select
        lead_key,
        cast(null as string) as deal_key,
        ordered_at as occurred_at,
        'order' as step_type,
        8 as step_rank,
        cast(null as string) as channel,
        cast(null as string) as campaign_key,
        cast(null as string) as touchpoint_key,
        cast(null as string) as activity_key
    from orders
    where lead_key is not null
),

steps as (
    select * from touch_steps
    union all
    select * from stage_steps
    union all
    select * from follow_up_steps
    union all
    select * from deal_steps
    union all
    select * from order_steps
),

final as (
    select
        steps.lead_key,
        leads.account_key,
        steps.deal_key,
        cast(row_number() over by_lead as bigint) as step_number,

        steps.occurred_at,
        steps.step_type,
        steps.channel,
        steps.campaign_key,
        steps.touchpoint_key,
        steps.activity_key,
        {{ seconds_between('lag(steps.occurred_at) over by_lead', 'steps.occurred_at') }} / cast(3600 as double)
            as hours_since_previous
    from steps
    inner join leads
        on steps.lead_key = leads.lead_key
    window by_lead as (
        partition by steps.lead_key
        order by
            steps.occurred_at, steps.step_rank, steps.step_type,
            steps.touchpoint_key nulls last, steps.deal_key nulls last, steps.activity_key nulls last
    )
)

select * from final
