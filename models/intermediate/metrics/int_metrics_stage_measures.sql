-- One row is a person that became a lead, an MQL or an SQL, on that day, by its original touch.
{{ config(materialized='view') }}

with

lead_stages as (
    select * from {{ ref('int_agreement_judged_stages') }}
),

original_touches as (
    select * from {{ ref('int_journey_original_touches') }}
),

run_settings as (
    select * from {{ ref('stg_closedloop__run_settings') }}
),

stage_measures as (
    select
        concat(lead_stages.stage, 's') as measure,
        {{ local_date('lead_stages.reached_at', 'run_settings.reporting_time_zone') }} as date_day,
        coalesce(original_touches.channel, 'unattributed') as channel,
        original_touches.campaign_key,
        cast(1 as decimal(18, 2)) as measure_value
    from lead_stages
    cross join run_settings
    left join original_touches
        on lead_stages.lead_key = original_touches.lead_key
)

select * from stage_measures
