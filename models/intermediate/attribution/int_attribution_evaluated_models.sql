-- One row is a shape of paths and a model with the one that is evaluated in its place: itself, else the first of its
-- fallbacks that is applicable; null where none is, which means equal shares.
-- The agreement's checks refuse more in a row (orchestration/agreement/rules.py).
{% set most_fallbacks = 5 %}

with

anchors as (
    select * from {{ ref('attribution_models') }}
),

shares as (
    select * from {{ ref('int_attribution_shares') }}
),

fallbacks as (
    select
        model,
        max(fallback_model) as fallback_model
    from anchors
    group by model
),

step_0 as (
    select
        model,
        model as evaluated_model,
        0 as step
    from fallbacks
),

{% for step in range(1, most_fallbacks + 1) %}
step_{{ step }} as (
    select
        step_{{ step - 1 }}.model,
        fallbacks.fallback_model as evaluated_model,
        {{ step }} as step
    from step_{{ step - 1 }}
    inner join fallbacks
        on step_{{ step - 1 }}.evaluated_model = fallbacks.model
    where fallbacks.fallback_model is not null
),

{% endfor %}
steps as (
    {% for step in range(most_fallbacks + 1) %}
    select
        model,
        evaluated_model,
        step
    from step_{{ step }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

applicable as (
    select
        shares.shape_number,
        steps.model,
        steps.evaluated_model,
        row_number() over in_order as fallback_number
    from steps
    inner join shares
        on steps.evaluated_model = shares.model and shares.is_applicable
    window in_order as (partition by shares.shape_number, steps.model order by steps.step)
),

evaluated as (
    select
        shares.shape_number,
        shares.model,
        applicable.evaluated_model
    from shares
    left join applicable
        on
            shares.shape_number = applicable.shape_number
            and shares.model = applicable.model
            and applicable.fallback_number = 1
)

select * from evaluated
