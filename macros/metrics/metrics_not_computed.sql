{#
    The shared metrics that no model computes yet, as a list of SQL: their columns are null, their descriptions say so.

    Example: see models/marts/dimensions/dim_metrics.sql
#}
{% macro metrics_not_computed() -%}
    'accepted_mqls',
            'brand_sentiment',
            'customer_acquisition_cost',
            'expansion_revenue',
            'follow_up_within_promise',
            'hours_to_crm',
            'hours_to_first_follow_up',
            'hours_to_first_follow_up_median',
            'hours_to_first_follow_up_p90',
            'lifetime_value_to_cac',
            'market_share',
            'missed_revenue',
            'missed_revenue_high',
            'missed_revenue_low',
            'mql_promise_attainment',
            'payback_months',
            'pipeline_value',
            'pipeline_velocity',
            'platform_overclaim',
            'quota_attainment',
            'rejected_mql_share',
            'retention_rate',
            'return_on_investment',
            'sessions',
            'unmapped_spend_share',
            'untouched_mqls',
            'visitors',
            'wasted_spend'
{%- endmacro %}
