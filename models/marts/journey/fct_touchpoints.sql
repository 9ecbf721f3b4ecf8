-- Written once, with the publication.
{{ config(materialized='view') }}

with

touchpoints as (
    select * from {{ ref('int_journey_touchpoints') }}
),

final as (
    select
        touchpoint_key,
        source_system,
        touchpoint_id,
        lead_key,
        account_key,
        case when touch_type = 'session' then touchpoint_key end as session_key,

        touched_at,
        touch_type,
        channel,
        campaign_key,
        cast(null as string) as content_key,
        source,
        medium,
        campaign,
        content,
        term,
        click_id_type,
        {{ known_parameters('landing_page') }} as landing_page,
        referrer as referrer_host,

        channel = 'direct' as is_direct,
        is_paid,
        channel_rule,
        campaign_match
    from touchpoints
)

select * from final
