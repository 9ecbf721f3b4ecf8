-- One row is a moment at which marketing met somebody, known or not, of whatever type, as it was recorded, with a hash
-- of what is known of it.
{{ config(materialized='view') }}

with

session_touches as (
    select * from {{ ref('int_journey_session_touches') }}
),

imported_touches as (
    select * from {{ ref('int_journey_imported_touches') }}
),

lead_source_touches as (
    select * from {{ ref('int_journey_lead_source_touches') }}
),

email_clicks as (
    select * from {{ ref('int_journey_email_clicks') }}
),

voucher_touches as (
    select * from {{ ref('int_journey_voucher_touches') }}
),

others as (
    select * from imported_touches
    union all
    select * from lead_source_touches
    union all
    select * from email_clicks
    union all
    select * from voucher_touches
),

unioned as (
    select * from session_touches
    union all
    select
        *,
        {{ row_hash([
            'touchpoint_key', 'lead_key', 'campaign_id', 'click_id', 'click_id_type', 'channel',
            'source', 'medium', 'campaign', 'content', 'term', 'landing_page',
            'referrer', 'is_told_by_campaign', 'touched_at',
        ]) }} as arrival_hash
    from others
)

select * from unioned
